/* eslint-disable */ // From docs/authors.md: keeps calls made before the tracker has loaded.
self.waypost||((q,s=m=>(...a)=>{let p=new Promise((...f)=>q.push([m,a,f]));p.catch(_=>0);return p},w=self.waypost=s())=>{w.q=q;"on off track flush pending defaults".replace(/\w+/g,m=>w[m]=s(m))})([])
