/* eslint-disable */ // From docs/authors.md: keeps calls made before the tracker has loaded.
self.waypost||((q,s=m=>(...a)=>(a.p=new Promise((...f)=>q.push([m,a,f,+new Date]))).catch(_=>0)&&a.p,w=self.waypost=s())=>"on off track flush pending defaults".replace(/\w+/g,m=>w[m]=s(m),w.q=q))([])
