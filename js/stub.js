/* eslint-disable */ // @ts-nocheck
self.waypost||((q,s=m=>(...a)=>{let p=new Promise((...f)=>q.push([m,a,f]));p.catch(_=>0);return p},w=self.waypost=s())=>{w.q=q;"on off track flush pending defaults".replace(/\w+/g,m=>w[m]=s(m))})([])
